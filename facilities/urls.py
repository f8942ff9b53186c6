from django.urls import path

from facilities import views

app_name = "facilities"
urlpatterns = [
    path("facilities/", views.facilities, name="facilities"),
    path("facilities/<slug:code>/", views.facility, name="facility"),
]
