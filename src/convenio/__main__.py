"""`python -m convenio` is the command line."""

from convenio.cli.main import main

if __name__ == "__main__":
    main()
