"""`python -m pressroom` is the command line."""

from pressroom.entrypoints.cli import main

if __name__ == "__main__":
    main()
