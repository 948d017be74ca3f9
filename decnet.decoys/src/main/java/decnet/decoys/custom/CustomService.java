package decnet.decoys.custom;

import decnet.decoys.DecoyContext;
import decnet.decoys.DecoyService;
import decnet.decoys.DialogueFactory;
import decnet.topology.CustomScript;
import decnet.topology.ServiceCatalogue;

/** An operator's own service: says a banner, or follows a script of the fleet file. */
public final class CustomService implements DecoyService {
    public CustomService() {}

    /** What the names of all of them begin with. */
    @Override
    public String slug() {
        return ServiceCatalogue.CUSTOM;
    }

    @Override
    public DialogueFactory on(DecoyContext context) {
        String text = context.options().getOrDefault("script", "");
        String banner = context.options().getOrDefault("banner", "");
        CustomScript script = text.isEmpty() ? CustomScript.parse("input bytes") : CustomScript.parse(text);
        return opening -> new CustomDialogue(context, script, banner);
    }
}
