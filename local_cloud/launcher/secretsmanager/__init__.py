"""Secrets Manager's rotation, versions and staging labels, as AWS documents them."""
