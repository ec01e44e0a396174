"""What pages say of results: put in, judged, or found to be neither."""
