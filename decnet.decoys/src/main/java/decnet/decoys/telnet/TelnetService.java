package decnet.decoys.telnet;

import decnet.decoys.DecoyContext;
import decnet.decoys.DecoyService;
import decnet.decoys.Dialogue;
import decnet.decoys.DialogueFactory;
import java.util.Optional;

/** A terminal log-in over the network, and the machine's shell behind it. */
public final class TelnetService implements DecoyService {
    public TelnetService() {}

    @Override
    public String slug() {
        return "telnet";
    }

    @Override
    public DialogueFactory on(DecoyContext context) {
        return new DialogueFactory() {
            @Override
            public Dialogue open(Opening opening) {
                return new TelnetDialogue(context.within(opening.budget()), Optional.of(opening.outlet()));
            }

            @Override
            public boolean heavy() {
                return true; // a shell may have much to search and to write
            }
        };
    }
}
