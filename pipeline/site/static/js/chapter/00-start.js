// The chapter's script. Without it the page reads and its links work; with it, it comes alive.
