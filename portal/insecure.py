"""Refuses to start where a start would be insecure, with a sentence that says what to do."""

from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

NEW_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"


def refuse_insecure_start(
    *,
    demo: bool,
    debug: bool,
    https: bool,
    secret_key: str,
    trial_key: str,
    hosts: Sequence[str],
    local_hosts: Sequence[str],
) -> None:
    """Raise ImproperlyConfigured with the first thing that is wrong."""
    strangers = [host for host in hosts if host not in local_hosts]
    if debug and strangers:
        problem = f"DEBUG=1 只能在本机用，ALLOWED_HOSTS 却写了 {'、'.join(strangers)}。请去掉 DEBUG=1。"
    elif demo or debug:
        problem = _wrong_with_a_trial(strangers, secret_key == trial_key)
    else:
        problem = _wrong_with_production(strangers, secret_key, hosts, https)
    if problem:
        raise ImproperlyConfigured(f"门户没有启动：{problem}")


def _wrong_with_a_trial(strangers: Sequence[str], key_is_public: bool) -> str:
    if strangers and key_is_public:
        return (
            f"演示方式（DEMO=1）只在本机开放，ALLOWED_HOSTS 却写了 {'、'.join(strangers)}。"
            f"请去掉它；确要在单位内网演示，请另设自己的 SECRET_KEY（{NEW_KEY}）。"
        )
    return ""


def _wrong_with_production(strangers: Sequence[str], secret_key: str, hosts: Sequence[str], https: bool) -> str:
    if not secret_key:
        return f"没有设置 SECRET_KEY。试用请设 DEMO=1；正式运行请把 {NEW_KEY} 的输出写进 .env 的 SECRET_KEY。"
    if len(secret_key) < 50 or len(set(secret_key)) < 5 or secret_key.startswith("django-insecure-"):
        return f"SECRET_KEY 太短或是示例值。请换成 {NEW_KEY} 的输出。"
    if not hosts:
        return "没有设置 ALLOWED_HOSTS。请写上本门户的域名，多个用逗号隔开，例如 ALLOWED_HOSTS=dabiao.example.gov.cn。"
    if any(host == "*" or host.startswith(".") for host in hosts):
        return "ALLOWED_HOSTS 不能用 * 或以点开头的通配写法。请逐个写出本门户的域名。"
    if strangers and not https:
        return (
            f"HTTPS=0 只能在本机用，ALLOWED_HOSTS 却写了 {'、'.join(strangers)}。"
            "请去掉 HTTPS=0，由前面的代理提供 https。"
        )
    return ""
