package decnet.bus;

import java.util.Optional;
import java.util.function.Consumer;

/** A subscription of our client. Thread-safe. */
final class LocalSubscription implements Bus.Subscription {
    final String sid;
    final TopicFilter filter;
    final Consumer<BusMessage> handler;
    final Consumer<Optional<Topic>> unreadable;
    private final Consumer<LocalSubscription> onClose;
    private volatile boolean closed;

    LocalSubscription(
            String sid,
            TopicFilter filter,
            Consumer<BusMessage> handler,
            Consumer<Optional<Topic>> unreadable,
            Consumer<LocalSubscription> onClose) {
        this.sid = sid;
        this.filter = filter;
        this.handler = handler;
        this.unreadable = unreadable;
        this.onClose = onClose;
    }

    byte[] line() {
        return WireAscii.bytes("SUB " + filter + " " + sid + "\r\n");
    }

    boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            onClose.accept(this);
        }
    }
}
