"""Paper: the yearly evaluation in Word and Excel, templates of registers, refused files given back."""
