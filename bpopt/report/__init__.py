"""What goes beyond finding and fixing: settings that no file holds, the status, the documents, logs, wheels.

`bpopt check` imports nothing of this room.
"""
