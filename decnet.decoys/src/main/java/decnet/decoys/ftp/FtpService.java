package decnet.decoys.ftp;

import decnet.decoys.DecoyContext;
import decnet.decoys.DecoyService;
import decnet.decoys.DialogueFactory;

/** File transfer as vsftpd does it. Uploads stay on the decky's disk for the next visitor, as far as there is room. */
public final class FtpService implements DecoyService {
    public FtpService() {}

    @Override
    public String slug() {
        return "ftp";
    }

    @Override
    public DialogueFactory on(DecoyContext context) {
        return opening -> new FtpDialogue(
                context, opening.destination().address(), opening.source().address());
    }
}
