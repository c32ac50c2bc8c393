"""No pages: Django wants a place to look for them."""

urlpatterns: list[object] = []
