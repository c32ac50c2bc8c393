"""What each environment is: frozen typed values, checked when they are built. Edit environments.py first."""
