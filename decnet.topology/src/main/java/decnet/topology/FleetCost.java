package decnet.topology;

import java.util.List;

/**
 * What a fleet costs this host while nobody visits it, from measured coefficients ({@code docs/performance.md}, "Machines with a network
 * of their own").
 *
 * @param memoryKib of the processes that serve it, beyond what they need without any machine
 * @param descriptors open files of the process that holds the sockets; the other has as many
 * @param kernelKib of the kernel: namespaces, links, rules and sockets
 */
public record FleetCost(long memoryKib, int descriptors, long kernelKib) {
    private static final int MACHINE_KIB = 46;
    private static final int SOCKET_KIB = 4;
    private static final int NETWORK_KIB = 12;
    private static final int NAMESPACE_KERNEL_KIB = 420;
    private static final int LINK_KERNEL_KIB = 100;
    private static final int SOCKET_KERNEL_KIB = 3;

    public static FleetCost of(List<Decky> deckies) {
        long memory = 0;
        long kernel = 0;
        int descriptors = 0;
        for (Decky decky : deckies) {
            int sockets = decky.services().stream()
                    .mapToInt(service -> service.ports().size())
                    .sum();
            int links = decky.placement().attachments().size();
            memory += MACHINE_KIB + (long) SOCKET_KIB * sockets + (links > 0 ? NETWORK_KIB : 0);
            kernel += (long) SOCKET_KERNEL_KIB * sockets
                    + (links > 0 ? NAMESPACE_KERNEL_KIB : 0)
                    + (long) LINK_KERNEL_KIB * links;
            descriptors += sockets + (links > 0 ? 1 : 0);
        }
        return new FleetCost(memory, descriptors, kernel);
    }
}
