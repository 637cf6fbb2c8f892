"""Every write about workbooks: receive, check, apply, undo, finish what was interrupted, learn what headers mean."""

from linli.exchange.actions.applying import apply_batch
from linli.exchange.actions.finishing import finish_batch, finish_interrupted
from linli.exchange.actions.learning import forget_header, learn_headers
from linli.exchange.actions.receiving import (
    ask_for,
    check_batch,
    export_errors,
    forget_previews,
    import_file,
    read_sent,
    receive_workbook,
    send_workbook,
    work_on,
)
from linli.exchange.actions.undoing import undo_batch

__all__ = [
    "apply_batch",
    "ask_for",
    "check_batch",
    "export_errors",
    "finish_batch",
    "finish_interrupted",
    "forget_header",
    "forget_previews",
    "import_file",
    "learn_headers",
    "read_sent",
    "receive_workbook",
    "send_workbook",
    "undo_batch",
    "work_on",
]
