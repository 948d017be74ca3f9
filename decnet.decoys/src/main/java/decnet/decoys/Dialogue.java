package decnet.decoys;

import decnet.core.Peer;
import java.nio.ByteBuffer;

/**
 * One connection as a decoy speaks its protocol: bytes in, replies and events out. Pure: no sockets, no log; time and chance come
 * from {@link DecoyContext}. Calls never overlap. Whatever arrives, a dialogue does not throw, and what it keeps is bounded.
 */
public interface Dialogue {
    Step opened(Peer peer);

    /** @param bytes everything that arrived, at least one byte, cut anywhere; all of it is taken */
    Step received(ByteBuffer bytes);

    /** The time asked for by {@link Step#timer} has passed. */
    default Step timer() {
        return Step.NOTHING;
    }

    /** Nothing arrived for the idle time. The connection ends after this step. */
    default Step idle() {
        return Step.CLOSE;
    }

    /** The connection has ended, whoever ended it. Only the events of the step count. */
    default Step closed() {
        return Step.NOTHING;
    }

    /** TLS was agreed on, after {@link Step.Builder#startTls}. With TLS from the first byte on, {@link #opened} follows it instead. */
    default Step secured(TlsInfo info) {
        return Step.NOTHING;
    }

    /**
     * Where TLS is spoken from the first byte on, somebody began with something else. The connection ends after this step, which
     * goes out in clear. {@link #opened} was not called.
     */
    default Step plainOnTls(ByteBuffer bytes) {
        return Step.builder()
                .saw(Seen.of("unknown_input", "data", Seen.text(bytes), "reason", "no TLS"))
                .close()
                .build();
    }
}
