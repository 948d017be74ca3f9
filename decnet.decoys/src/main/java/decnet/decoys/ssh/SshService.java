package decnet.decoys.ssh;

import decnet.decoys.DecoyContext;
import decnet.decoys.DecoyService;
import decnet.decoys.Dialogue;
import decnet.decoys.DialogueFactory;
import org.apache.sshd.server.SshServer;

/** Secure shell with the manners of the machine's OpenSSH. */
public final class SshService implements DecoyService {
    public SshService() {}

    @Override
    public String slug() {
        return "ssh";
    }

    @Override
    public DialogueFactory on(DecoyContext context) {
        SshProfile profile = SshProfile.of(context);
        SshServer library = SshLibrary.of(profile, context.random());
        return new DialogueFactory() {
            @Override
            public Dialogue open(Opening opening) {
                return new SshDialogue(profile, library, opening);
            }

            @Override
            public boolean heavy() {
                return true;
            }
        };
    }
}
