"""One connection to the fake mail server: its commands in their order, and faults at exact points."""

from __future__ import annotations

import base64
import binascii
import re
import select
import socket
import socketserver
import struct
import time
from typing import TYPE_CHECKING

from tests.fakes.faults import Reply, ScriptedFault, TakesEffect
from tests.fakes.smtp_replies import JUNK, REPLIES, Refusal

if TYPE_CHECKING:
    from tests.fakes.smtp import FakeSmtp

LONGEST_COMMAND = 512  # RFC 5321, 4.5.3.1.4
LONGEST_LINE = 1000  # RFC 5321, 4.5.3.1.6, with CR LF
LONGEST_HOLD_SECONDS = 120.0
_PATH = re.compile(r"(FROM|TO):<([^<>\s]*)>(.*)", re.IGNORECASE)


class _Gone(Exception):
    """The client left, or the connection is to end here."""


class Session(socketserver.BaseRequestHandler):
    """Serves one client until it says QUIT, leaves, or is cut off."""

    server: SmtpListener

    def handle(self) -> None:
        self.fake = self.server.fake
        self.sock: socket.socket = self.request
        self.is_private = False
        if self.fake.security == "tls":
            self._encrypt()
        self.reader = self.sock.makefile("rb")
        self.is_signed_in = False
        self.greeted = ""
        self._forget()
        try:
            self._met("CONNECT", "", lambda: f"220 {self.fake.name} ESMTP ready")
            while True:
                self._serve(self._line(LONGEST_COMMAND))
        except (_Gone, ConnectionError, TimeoutError):
            return  # the client went away or was cut off: often the point of the test
        finally:
            self.reader.close()
            self.sock.close()

    def _forget(self) -> None:
        self.sender: str | None = None
        self.recipients: list[str] = []
        self.options: set[str] = set()

    def _serve(self, line: bytes) -> None:
        try:
            text = line.decode("utf-8" if "SMTPUTF8" in self.fake.extensions else "ascii").rstrip("\r\n")
        except UnicodeDecodeError:
            self._say("500 5.5.2 Command line is not ASCII")
            return
        verb, _, argument = text.partition(" ")
        serve = getattr(self, f"_do_{verb.lower()}", None) if verb.isalpha() else None
        if serve is None:
            self._say("502 5.5.2 Command not recognized")
            return
        found = _PATH.match(argument)
        self._met(verb.upper(), found[2] if found else "", lambda: serve(argument))

    def _met(self, verb: str, about: str, answer: object) -> None:
        """Answer a command, unless the script has a fault for it."""
        line = self.fake.faults.next_for(verb, about or "*")
        number = self.fake.note(verb, about)
        if line is None:
            self._say(self._reply(answer))
            return
        self._strike(line, number, verb, about, answer)

    def _reply(self, answer: object) -> str:
        assert callable(answer)
        try:
            return str(answer())
        except Refusal as refusal:
            return refusal.reply

    def _strike(self, line: ScriptedFault, number: int, verb: str, about: str, answer: object) -> None:
        fault, ticket = line.fault, self.fake.pause_ticket()
        struck = self.fake.faults.strike(fault, number, verb, about)
        reply = ""
        if fault.takes_effect is TakesEffect.YES:
            reply = self._reply(answer)
            struck.processed_status = int(reply[:3])
        match fault.reply:
            case Reply.REFUSAL:
                self._say(REPLIES[fault])
                if REPLIES[fault].startswith("421"):
                    raise _Gone
            case Reply.JUNK:
                self._say(JUNK)
                raise _Gone
            case Reply.ANSWER:
                self.fake.pause(ticket, line.seconds)
                self._say(reply)
            case Reply.EMPTY:
                raise _Gone
            case Reply.TRUNCATED:
                self.sock.sendall(reply[:2].encode())
                raise _Gone
            case Reply.HOLD:
                wait = LONGEST_HOLD_SECONDS if fault.takes_effect is TakesEffect.LATER else line.seconds
                if not self._client_left(ticket, wait) and reply:
                    self._say(reply)
        if fault.reply not in (Reply.REFUSAL, Reply.ANSWER):
            self._cut()
            if fault.takes_effect is TakesEffect.LATER and self.fake.pause(ticket, line.seconds):
                struck.processed_status = int(self._reply(answer)[:3])
            raise _Gone

    # The commands

    def _do_ehlo(self, argument: str) -> str:
        if not argument.strip():
            raise Refusal("501 5.5.4 Syntax: EHLO hostname")
        self.greeted = argument
        self._forget()
        offered = [self.fake.name, *self.fake.extensions]
        if self.fake.security == "starttls" and not self.is_private:
            offered.append("STARTTLS")
        if self.fake.password and (self.is_private or self.fake.security == "none"):
            offered.append("AUTH PLAIN")
        return "\r\n".join([*(f"250-{one}" for one in offered[:-1]), f"250 {offered[-1]}"])

    def _do_starttls(self, argument: str) -> str:
        if self.fake.security != "starttls" or self.is_private:
            raise Refusal("503 5.5.1 STARTTLS is not available")
        self._say("220 2.0.0 Ready to start TLS")
        self.reader.close()
        self._encrypt()
        self.reader = self.sock.makefile("rb")
        self.greeted = ""
        return ""

    def _do_auth(self, argument: str) -> str:
        self._check_private()
        mechanism, _, given = argument.partition(" ")
        if mechanism.upper() != "PLAIN" or not self.greeted:
            raise Refusal("504 5.5.4 Unrecognized authentication type")
        if not given:
            self._say("334 ")
            given = self._line(LONGEST_COMMAND).decode("ascii", "replace").strip()
        try:
            _, username, password = base64.b64decode(given, validate=True).decode().split("\0")
        except (binascii.Error, ValueError) as error:
            raise Refusal("501 5.5.2 Cannot decode the credentials") from error
        if (username, password) != (self.fake.username, self.fake.password):
            raise Refusal("535 5.7.8 Authentication credentials invalid")
        self.is_signed_in = True
        return "235 2.7.0 Authentication successful"

    def _do_mail(self, argument: str) -> str:
        if not self.greeted:
            raise Refusal("503 5.5.1 Send EHLO first")
        self._check_private()
        if self.fake.password and not self.is_signed_in:
            raise Refusal("530 5.7.0 Authentication required")
        if self.sender is not None:
            raise Refusal("503 5.5.1 Nested MAIL command")
        address, options = self._path(argument, "FROM")
        self.options = {option.upper() for option in options.split()}
        known = {"SMTPUTF8", "BODY=8BITMIME"} & set(self.fake.extensions) | {"BODY=8BITMIME"}
        sizes = {option for option in self.options if re.fullmatch(r"SIZE=\d+", option)}
        if self.options - known - sizes:
            raise Refusal("555 5.5.4 Unsupported option")
        if any(int(size[5:]) > self.fake.size_limit for size in sizes):
            raise Refusal("552 5.3.4 Message size exceeds fixed limit")
        self._check_ascii(address)
        if address not in self.fake.senders:
            raise Refusal(f"553 5.7.1 <{address}>: Sender address rejected: not owned by user")
        self.sender = address
        return "250 2.1.0 Ok"

    def _do_rcpt(self, argument: str) -> str:
        if self.sender is None:
            raise Refusal("503 5.5.1 Need MAIL before RCPT")
        address, options = self._path(argument, "TO")
        if options.strip():
            raise Refusal("555 5.5.4 Unsupported option")
        self._check_ascii(address)
        if address in self.fake.unknown_mailboxes:
            raise Refusal(f"550 5.1.1 <{address}>: Recipient address rejected: User unknown")
        self.recipients.append(address)
        return "250 2.1.5 Ok"

    def _do_data(self, argument: str) -> str:
        if not self.recipients:
            raise Refusal("503 5.5.1 Need RCPT before DATA")
        self._say("354 End data with <CR><LF>.<CR><LF>")
        lines: list[bytes] = []
        wrong = ""
        while (line := self._line(LONGEST_LINE + 1)) != b".\r\n":
            if len(line) > LONGEST_LINE:
                wrong = wrong or "500 5.5.2 Line too long"
            if not line.endswith(b"\r\n"):
                wrong = wrong or "550 5.6.11 Bare line feed"
            lines.append(line[1:] if line.startswith(b".") else line)
        mail = b"".join(lines)
        if len(mail) > self.fake.size_limit:
            wrong = wrong or "552 5.3.4 Message size exceeds fixed limit"
        if not mail.isascii() and "BODY=8BITMIME" not in self.options:
            wrong = wrong or "550 5.6.1 Eight-bit data in a seven-bit message"
        envelope = (self.sender or "", list(self.recipients))

        def take() -> str:
            if wrong:
                raise Refusal(wrong)
            return f"250 2.0.0 Ok: queued as {self.fake.take(*envelope, mail)}"

        self._forget()
        self._met("DOT", "", take)
        return ""

    def _do_rset(self, argument: str) -> str:
        self._forget()
        return "250 2.0.0 Ok"

    def _do_noop(self, argument: str) -> str:
        return "250 2.0.0 Ok"

    def _do_quit(self, argument: str) -> str:
        self._say("221 2.0.0 Bye")
        raise _Gone

    def _check_private(self) -> None:
        if self.fake.security != "none" and not self.is_private:
            raise Refusal("530 5.7.0 Must issue a STARTTLS command first")

    def _check_ascii(self, address: str) -> None:
        if not address.isascii() and "SMTPUTF8" not in self.options:
            raise Refusal("553 5.6.7 Address is not ASCII")

    def _path(self, argument: str, kind: str) -> tuple[str, str]:
        found = _PATH.fullmatch(argument)
        if found is None or found[1].upper() != kind or "@" not in found[2]:
            raise Refusal(f"501 5.5.4 Syntax: {kind}:<address>")
        return found[2], found[3]

    # The wire

    def _line(self, limit: int) -> bytes:
        line: bytes = self.reader.readline(limit)
        if not line:
            raise _Gone
        return line

    def _say(self, reply: str) -> None:
        if reply:
            self.sock.sendall(reply.encode() + b"\r\n")

    def _encrypt(self) -> None:
        assert self.fake.tls_context is not None
        self.sock = self.fake.tls_context.wrap_socket(self.sock, server_side=True)
        self.server.watch(self.sock)
        self.is_private = True

    def _cut(self) -> None:
        """End the connection with a reset, as a crash of the other side would."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.reader.close()
        self.sock.close()

    def _client_left(self, ticket: int, seconds: float | None) -> bool:
        watch = select.poll()
        watch.register(self.sock, select.POLLIN | select.POLLHUP)
        until = time.monotonic() + (LONGEST_HOLD_SECONDS if seconds is None else seconds)
        while time.monotonic() < until and self.fake.pause_ticket() == ticket:
            if watch.poll(20):
                return True
        return False


class SmtpListener(socketserver.ThreadingTCPServer):
    """Accepts connections on 127.0.0.1, each served by a thread, and can wake them all."""

    allow_reuse_address = True

    def __init__(self, port: int, fake: FakeSmtp) -> None:
        self.fake = fake
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Session)

    def watch(self, connection: socket.socket) -> None:
        self._open.add(connection)

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client: object) -> None:
        assert isinstance(request, socket.socket)
        self.watch(request)
        super().process_request(request, client)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        assert isinstance(request, socket.socket)
        request.close()

    def cut_all(self) -> None:
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it is closed already

    def handle_error(self, request: object, client_address: object) -> None:
        import sys

        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            self.fake.crashes.append(error)
