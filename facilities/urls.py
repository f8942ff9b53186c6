from django.urls import path

from facilities.views import extras, facts, lists, officers, places, requests, roster

app_name = "facilities"
urlpatterns = [
    path("facilities/", places.facilities, name="facilities"),
    path("facilities/<slug:code>/", places.facility, name="facility"),
    path("officers/", officers.officers, name="officers"),
    path("officers/new/", officers.new, name="officer_new"),
    path("officers/<int:pk>/", officers.officer, name="officer"),
    path("officers/<int:pk>/switch/", officers.switch, name="officer_switch"),
    path("officers/<int:pk>/reset/", officers.reset, name="officer_reset"),
    path("facilities/<slug:code>/facts/", facts.facts, name="facts"),
    path("facilities/<slug:code>/roster/", roster.roster, name="roster"),
    path("facilities/<slug:code>/roster/new/", roster.new, name="post_new"),
    path("facilities/<slug:code>/roster/<int:post>/", roster.one, name="post"),
    path("facilities/<slug:code>/roster/<int:post>/end/", roster.end, name="post_end"),
    path("facilities/<slug:code>/roster/<int:post>/filing/", roster.filing, name="post_filing"),
    path("facilities/<slug:code>/roster/<int:post>/phone/", roster.phone, name="post_phone"),
    path("facilities/<slug:code>/extra/", extras.extras, name="extras"),
    path("facilities/<slug:code>/extra/<int:extra>/decide/", extras.decide, name="extra_decide"),
    path("facilities/<slug:code>/extra/<int:extra>/appoint/", extras.appoint, name="extra_appoint"),
    path("requests/", requests.requests, name="requests"),
    path("requests/new/", requests.new, name="request_new"),
    path("requests/<int:pk>/", requests.one, name="request"),
    path("requests/<int:pk>/withdraw/", requests.withdraw, name="request_withdraw"),
    path("requests/<int:pk>/approve/", requests.approve, name="request_approve"),
    path("requests/<int:pk>/refuse/", requests.refuse, name="request_refuse"),
    path("lists/<slug:kind>/", lists.one, name="list"),
    path("lists/<slug:kind>/export/", lists.export, name="list_export"),
    path("lists/<slug:kind>/upload/", lists.upload, name="list_upload"),
    path("list-uploads/<uuid:upload>/", lists.difference, name="list_difference"),
    path("list-uploads/<uuid:upload>/confirm/", lists.confirm, name="list_confirm"),
    path("list-uploads/<uuid:upload>/drop/", lists.drop, name="list_drop"),
    path("list-uploads/<uuid:upload>/refused/", lists.refused, name="list_refused"),
]
