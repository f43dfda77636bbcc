"""The audit can't be changed unseen: triggers of the database, and a chain of seals."""
