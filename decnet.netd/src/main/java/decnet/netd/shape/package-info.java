/** How the packets of a machine look: those of another system than the one that sends them. */
package decnet.netd.shape;
