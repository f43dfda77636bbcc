"""Sessions of browsers: how long they live, where a person has some, ending them."""
