"""The account page, at the root of the account addresses; allauth's views stand beside it."""

from django.urls import path

from members import views

app_name = "members"
urlpatterns = [
    path("", views.account, name="account"),
    path("adhesion/", views.membership, name="membership"),
]
