/** Debian packages of the images: contents, units, maintainer scripts. Runs in the build only. */
@org.jspecify.annotations.NullMarked
package decnet.packages;
