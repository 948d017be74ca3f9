/** The main class: one command tree out of what the image's modules offer. It knows no worker and no command by name. */
@org.jspecify.annotations.NullMarked
module decnet.cli {
    requires static transitive org.jspecify;
    requires decnet.core;
    requires decnet.runtime;
    requires info.picocli;

    opens decnet.cli to
            info.picocli;

    uses decnet.core.CommandProvider;
    uses decnet.core.ConfigSchema;
}
