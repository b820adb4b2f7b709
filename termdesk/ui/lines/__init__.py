"""Line surfaces: everything on the screen that ticks, drawn row by row from plain data."""
