from django.urls import path

from linli.accounts import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("language/", views.language, name="language"),
    path("display/", views.display, name="display"),
]
