"""The chapter as pages and files, and the server that shows them."""
