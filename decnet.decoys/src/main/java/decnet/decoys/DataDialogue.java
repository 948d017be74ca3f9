package decnet.decoys;

import java.nio.ByteBuffer;

/** A dialogue with data connections beside its first one, as FTP has. It asks with {@link Step.Demand}; one at a time. */
public interface DataDialogue extends Dialogue {
    Step dataListening(int port);

    Step dataConnected();

    Step dataReceived(ByteBuffer bytes);

    /** Everything was sent, or the peer has sent everything. */
    Step dataFinished();

    /** No port, no connection in time, a stranger, or a connection that broke. */
    Step dataFailed();
}
