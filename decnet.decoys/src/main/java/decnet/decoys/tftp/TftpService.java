package decnet.decoys.tftp;

import decnet.decoys.DecoyContext;
import decnet.decoys.DecoyService;
import decnet.decoys.DialogueFactory;

/** Trivial file transfer as tftpd-hpa offers a machine's {@code /srv/tftp}. */
public final class TftpService implements DecoyService {
    public TftpService() {}

    @Override
    public String slug() {
        return "tftp";
    }

    @Override
    public DialogueFactory on(DecoyContext context) {
        return opening -> new TftpDialogue(context.within(opening.budget()));
    }
}
