"""The browser's side: pages for coaches and admins, rendered here, and what machines ask about a process.

Start with `page` (what a page is handed and may answer), then `routes` (the one list of pages).
"""
