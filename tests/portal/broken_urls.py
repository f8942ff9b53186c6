"""The portal's addresses and three that fail, to see the error pages from outside."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.urls import path

from portal import urls

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@login_not_required
def fails(request):
    raise RuntimeError("secret-detail")


@login_not_required
def forbids(request):
    raise PermissionDenied("只有本单位填报员可以填写。")


@login_not_required
def suspects(request):
    raise SuspiciousOperation("secret-detail")


urlpatterns = [
    path("fails/", fails),
    path("forbids/", forbids),
    path("suspects/", suspects),
    *urls.urlpatterns,
]
