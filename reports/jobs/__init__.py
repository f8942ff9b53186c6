"""Long work: asked for, done by a worker process, shown with its progress, kept for who asked."""
