"""What becomes of each part at the end of its life here: waste codes, today's shares and the best route."""
