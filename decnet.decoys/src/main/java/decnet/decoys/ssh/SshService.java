package decnet.decoys.ssh;

import decnet.decoys.DecoyContext;
import decnet.decoys.DecoyService;
import decnet.decoys.Dialogue;
import decnet.decoys.DialogueFactory;
import org.apache.sshd.server.SshServer;
import org.jspecify.annotations.Nullable;

/** Secure shell with the manners of the machine's OpenSSH. */
public final class SshService implements DecoyService {
    public SshService() {}

    @Override
    public String slug() {
        return "ssh";
    }

    @Override
    public DialogueFactory on(DecoyContext context) {
        return new Door(context);
    }

    /** The entrance of one machine. Keys and algorithms are set up for its first visitor: most machines have none for long. */
    private static final class Door implements DialogueFactory {
        private final DecoyContext context;
        private @Nullable SshProfile profile;
        private @Nullable SshServer library;

        Door(DecoyContext context) {
            this.context = context;
        }

        @Override
        public synchronized Dialogue open(Opening opening) {
            SshProfile machine = profile;
            SshServer set = library;
            if (machine == null || set == null) {
                machine = SshProfile.of(context);
                set = SshLibrary.of(machine, context.random());
                profile = machine;
                library = set;
            }
            return new SshDialogue(machine, set, opening);
        }

        @Override
        public boolean heavy() {
            return true;
        }
    }
}
