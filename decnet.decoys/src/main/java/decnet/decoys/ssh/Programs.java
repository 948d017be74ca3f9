package decnet.decoys.ssh;

import decnet.topology.Account;
import java.util.Optional;

/** Which program a request starts. */
final class Programs {
    private Programs() {}

    /** @param how {@code shell}, {@code exec} or {@code subsystem} */
    static Optional<Program> of(
            SshConnection connection,
            SshChannel channel,
            Account account,
            Optional<Terminal> terminal,
            String how,
            byte[] line) {
        if (how.equals("subsystem")) {
            return Optional.empty();
        }
        return Optional.of(new Program() {
            @Override
            public void start() {
                channel.write(line);
                channel.exit(0);
            }

            @Override
            public void input(byte[] data) {}

            @Override
            public void inputEnded() {}
        });
    }
}
