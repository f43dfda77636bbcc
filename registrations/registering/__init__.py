"""Starting, registering, cancelling and deleting."""
