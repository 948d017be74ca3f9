package decnet.decoys.ssh;

import decnet.core.Peer;
import decnet.decoys.Dialogue;
import decnet.decoys.DialogueFactory;
import decnet.decoys.Seen;
import decnet.decoys.Step;
import java.nio.ByteBuffer;
import org.apache.sshd.server.ServerFactoryManager;

/** One client of the secure shell. Answers go through the engine's outlet, as the library sends when it wants. */
final class SshDialogue implements Dialogue {
    private final SshConnection connection;
    private final SshTransport transport;

    SshDialogue(SshProfile profile, ServerFactoryManager library, DialogueFactory.Opening opening) {
        connection = new SshConnection(
                profile.within(opening.budget()), opening.outlet(), opening.source(), opening.destination());
        EngineIoSession io =
                new EngineIoSession(opening.outlet(), opening.source(), opening.destination(), this::written);
        transport = new SshTransport(library, io, connection);
    }

    private void written() {
        transport.written();
    }

    @Override
    public Step opened(Peer peer) {
        transport.guard(transport::start);
        connection.outlet().schedule(AuthService.GRACE, () -> {
            if (transport.isOpen() && !transport.isAuthenticated()) {
                connection.saw(Seen.of(
                        "limit_reached", "limit", "login-grace-time", "value", AuthService.GRACE.toSeconds() + "s"));
                transport.close(true);
            }
        });
        return Step.NOTHING;
    }

    @Override
    public Step received(ByteBuffer bytes) {
        transport.guard(() -> transport.messageReceived(org.apache.sshd.common.util.Readable.readable(bytes)));
        connection.tellFailure();
        return Step.NOTHING;
    }

    /** sshd keeps idle clients for ever; the engine does not, and says nothing. */
    @Override
    public Step idle() {
        return Step.CLOSE;
    }

    @Override
    public Step closed() {
        connection.ending();
        transport.ended();
        connection.left();
        connection.tellFailure();
        Step.Builder step = Step.builder();
        connection.lastEvents().forEach(step::saw);
        return step.build();
    }
}
