"""What is typed after `kronika`: one file a group of commands."""
