package decnet.netd;

import decnet.linux.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Looks whether the network of a machine is as it was made. */
final class MachineCheck {
    private MachineCheck() {}

    /** @return what is not; empty if all is well */
    static List<String> problems(Machine machine, NetworkNames names) throws InterruptedException {
        MachineSpec spec = machine.spec();
        List<String> problems = new ArrayList<>();
        if (!Namespace.exists(names.namespace(spec.name()))) {
            problems.add("its namespace " + names.namespace(spec.name()) + " has been removed");
            return problems;
        }
        try {
            machine.within(() -> {
                Set<String> links = Segments.links();
                String addresses = Files.readString(Path.of("/proc/thread-self/net/fib_trie"));
                String addresses6 =
                        NetworkTools.ip6() ? Files.readString(Path.of("/proc/thread-self/net/if_inet6")) : "";
                for (MachineSpec.Interface one : spec.interfaces()) {
                    if (!links.contains(one.name())) {
                        problems.add("its interface " + one.name() + " is missing");
                    } else {
                        addresses(one, addresses, addresses6, problems);
                    }
                }
            });
        } catch (IOException e) {
            problems.add("its namespace cannot be entered: " + e.getMessage());
        }
        return problems;
    }

    private static void addresses(
            MachineSpec.Interface one, String addresses, String addresses6, List<String> problems) {
        if (!addresses.contains("|-- " + one.address().getHostAddress() + "\n")) {
            problems.add("its address " + one.address().getHostAddress() + " is missing");
        }
        one.address6().ifPresent(address -> {
            String hex = java.util.HexFormat.of().formatHex(address.getAddress());
            for (String line : addresses6.lines().toList()) {
                if (line.startsWith(hex)) {
                    // fifth column: flags; 0x08 says that somebody else has it (duplicate address detection failed)
                    String[] columns = line.split("\\s+");
                    if ((Integer.parseInt(columns[4], 16) & 0x08) != 0) {
                        problems.add("address " + address.getHostAddress() + " is in use by another machine");
                    }
                    return;
                }
            }
            problems.add("its address " + address.getHostAddress() + " is missing");
        });
    }
}
