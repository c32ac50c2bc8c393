"""A real SMTP server in Amazon SES's place: it lets in who has an access key of the local AWS, and sends nothing."""
