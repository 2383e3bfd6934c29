"""Export: a trained generator for servers, phones and browsers."""
