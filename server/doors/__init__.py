"""The door of every route: what a route is, who asks, what is asked, how it is answered."""
