package decnet.bench;

import java.nio.charset.StandardCharsets;

/** What a publisher and a subscriber say to a kind of broker, and what one delivery looks like. */
enum Dialect {
    NATS,
    RESP,
    NONE;

    private static final String SUBJECT = "decky.web-01.traffic";

    byte[] hello(boolean subscriber) {
        return bytes(
                switch (this) {
                    case NATS ->
                        "CONNECT {\"verbose\":false,\"pedantic\":false,\"auth_token\":\"" + LoadGenerator.TOKEN
                                + "\"}\r\n" + (subscriber ? "SUB " + SUBJECT + " 1\r\n" : "") + "PING\r\n";
                    case RESP ->
                        subscriber ? "*2\r\n$9\r\nSUBSCRIBE\r\n$20\r\n" + SUBJECT + "\r\n" : "*1\r\n$4\r\nPING\r\n";
                    case NONE -> subscriber ? "S" : "P";
                });
    }

    /** What the broker's answer to {@link #hello} ends with; empty text for no answer. */
    String greetingEnd(boolean subscriber) {
        return switch (this) {
            case NATS -> "PONG\r\n";
            case RESP -> subscriber ? ":1\r\n" : "PONG\r\n";
            case NONE -> "";
        };
    }

    byte[] publish(String payload) {
        return bytes(
                switch (this) {
                    case NATS -> "PUB " + SUBJECT + " " + payload.length() + "\r\n" + payload + "\r\n";
                    case RESP ->
                        "*3\r\n$7\r\nPUBLISH\r\n$20\r\n" + SUBJECT + "\r\n$" + payload.length() + "\r\n" + payload
                                + "\r\n";
                    case NONE -> new String(delivery(payload), StandardCharsets.US_ASCII);
                });
    }

    byte[] delivery(String payload) {
        return bytes(
                switch (this) {
                    case NATS, NONE -> "MSG " + SUBJECT + " 1 " + payload.length() + "\r\n" + payload + "\r\n";
                    case RESP ->
                        "*3\r\n$7\r\nmessage\r\n$20\r\n" + SUBJECT + "\r\n$" + payload.length() + "\r\n" + payload
                                + "\r\n";
                });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
