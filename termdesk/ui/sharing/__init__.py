"""What screens on one desk share, and what each tells of itself."""
