"""An endpoint that answers GetTemplate as CloudFormation does."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

ABSENT = "<ErrorResponse><Error><Code>ValidationError</Code><Message>{}</Message></Error></ErrorResponse>"
FOUND = (
    "<GetTemplateResponse><GetTemplateResult><TemplateBody>{}</TemplateBody></GetTemplateResult></GetTemplateResponse>"
)


@contextmanager
def deployed(templates: Mapping[str, object]) -> Iterator[str]:
    """Answer for stacks by their names; yield the endpoint's URL. A name without a template is refused."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that http.server calls
            asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            name = asked["StackName"][0]
            if name not in templates:
                self._answer(400, ABSENT.format(f"Stack with id {name} does not exist"))
            elif templates[name] is None:
                self._answer(403, ABSENT.replace("ValidationError", "AccessDenied").format("not authorized"))
            else:
                self._answer(200, FOUND.format(escape(json.dumps(templates[name]))))

        def _answer(self, status: int, text: str) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_arguments: object) -> None:
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
