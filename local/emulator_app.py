"""
MiniStack with one difference: an event for a function that cannot take it now waits, as in AWS.

MiniStack counts a throttled attempt as one of the three that an event has, so that on a busy computer events end as dead letters. AWS does
not count it: it tries again for as long as the event may be old, six hours by default.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import contextvars
import random
import time

from ministack.app import app
from ministack.services import lambda_svc

__all__ = ["app"]

MAX_AGE_SECONDS = 21600
MAX_DELAY_SECONDS = 5

is_event = contextvars.ContextVar("is_event", default=False)
execute_once = lambda_svc._execute_function
invoke_event_once = lambda_svc.invoke_async_with_retry


def max_age(func):
    settings = func.get("event_invoke_config") or (func.get("event_invoke_configs") or {}).get("$LATEST") or {}
    return int(settings.get("MaximumEventAgeInSeconds") or MAX_AGE_SECONDS)


def execute(func, event):
    end = time.monotonic() + max_age(func)
    delay = 0.5
    while True:
        result = execute_once(func, event)
        if not (is_event.get() and result.get("throttle")) or time.monotonic() > end:
            return result
        time.sleep(delay * random.uniform(0.5, 1.5))
        delay = min(delay * 2, MAX_DELAY_SECONDS)


def invoke_event(func, event):
    # MiniStack runs the attempts in a thread with a copy of this context. Calls that wait for an answer have the default.
    token = is_event.set(True)
    try:
        invoke_event_once(func, event)
    finally:
        is_event.reset(token)


lambda_svc._execute_function = execute
lambda_svc.invoke_async_with_retry = invoke_event
