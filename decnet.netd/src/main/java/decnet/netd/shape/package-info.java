/**
 * How the packets of a machine look: those of another system than the one that sends them.
 *
 * <p>A {@link decnet.netd.shape.StackProfile} says it for a family of systems: settings of the kernel, which do most, and for the rest a
 * {@link decnet.netd.shape.PacketShape}. {@link decnet.netd.shape.ShapeRules} sends the few packets that need it, never data, through a
 * queue of netfilter to the {@link decnet.netd.shape.ShapeEngine}, whose one thread serves all machines ({@code docs/stack-shaping.md}).
 */
package decnet.netd.shape;
