/**
 * The system calls that Java has no interface for: network namespaces, sockets made within them, descriptors handed over Unix-domain
 * sockets, packets queued by the kernel, raw sockets, timestamps of TCP. Thin; every one reports {@code errno} by
 * {@link decnet.linux.SystemCallException}. x86-64 and AArch64.
 *
 * <p>Start at {@link decnet.linux.Namespace} and {@link decnet.linux.HandoverChannel}, for packets at {@link decnet.linux.PacketQueue}.
 */
@org.jspecify.annotations.NullMarked
module decnet.linux {
    requires static transitive org.jspecify;

    exports decnet.linux;
}
