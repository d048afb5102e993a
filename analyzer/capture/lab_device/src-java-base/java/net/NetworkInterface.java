package java.net;

import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The network interfaces of the lab device: a loopback and one Wi-Fi interface with the persona's hardware address.
 *
 * <p>It replaces the platform's class, so that the addresses of the machine underneath never appear in evidence. The
 * values come from the system properties `lab.net.mac` and `lab.net.ip`, read at every question.
 */
public final class NetworkInterface {
    private static final int LOOPBACK_INDEX = 1;
    private static final int WIFI_INDEX = 2;
    private static final int LOOPBACK_MTU = 65536;
    private static final int WIFI_MTU = 1500;
    private static final int HEX = 16;

    private final String name;
    private final int index;
    private final InetAddress[] addresses;

    NetworkInterface(String name, int index, InetAddress[] addresses) {
        this.name = name;
        this.index = index;
        this.addresses = addresses == null ? new InetAddress[0] : addresses;
    }

    private static NetworkInterface[] all() {
        return new NetworkInterface[] {
            new NetworkInterface("lo", LOOPBACK_INDEX, addresses("127.0.0.1", "0:0:0:0:0:0:0:1")),
            new NetworkInterface("wlan0", WIFI_INDEX, addresses(System.getProperty("lab.net.ip", "192.168.1.100"))),
        };
    }

    private static InetAddress[] addresses(String... literals) {
        InetAddress[] result = new InetAddress[literals.length];
        for (int i = 0; i < literals.length; i++) {
            try {
                result[i] = InetAddress.getByName(literals[i]);
            } catch (UnknownHostException bad) {
                throw new IllegalStateException("lab.net.ip is no IP address: " + literals[i], bad);
            }
        }
        return result;
    }

    public String getName() {
        return name;
    }

    public String getDisplayName() {
        return name;
    }

    public int getIndex() {
        return index;
    }

    public Enumeration<InetAddress> getInetAddresses() {
        return Collections.enumeration(Arrays.asList(addresses));
    }

    public Stream<InetAddress> inetAddresses() {
        return Arrays.stream(addresses);
    }

    public List<InterfaceAddress> getInterfaceAddresses() {
        return Arrays.stream(addresses).map(this::bind).toList();
    }

    private InterfaceAddress bind(InetAddress address) {
        if (address instanceof Inet6Address) {
            return new InterfaceAddress(address, null, 128);
        }
        if (index == LOOPBACK_INDEX) {
            return new InterfaceAddress(address, null, 8);
        }
        byte[] bytes = address.getAddress();
        bytes[3] = (byte) 255;
        return new InterfaceAddress(address, new Inet4Address(null, bytes), 24);
    }

    public Enumeration<NetworkInterface> getSubInterfaces() {
        return Collections.emptyEnumeration();
    }

    public Stream<NetworkInterface> subInterfaces() {
        return Stream.empty();
    }

    public NetworkInterface getParent() {
        return null;
    }

    public static NetworkInterface getByName(String name) throws SocketException {
        Objects.requireNonNull(name);
        return networkInterfaces().filter(one -> one.name.equals(name)).findFirst().orElse(null);
    }

    public static NetworkInterface getByIndex(int index) throws SocketException {
        if (index < 0) {
            throw new IllegalArgumentException("Interface index can't be negative");
        }
        return networkInterfaces().filter(one -> one.index == index).findFirst().orElse(null);
    }

    public static NetworkInterface getByInetAddress(InetAddress addr) throws SocketException {
        Objects.requireNonNull(addr);
        return networkInterfaces().filter(one -> Arrays.asList(one.addresses).contains(addr)).findFirst().orElse(null);
    }

    public static Enumeration<NetworkInterface> getNetworkInterfaces() throws SocketException {
        return Collections.enumeration(Arrays.asList(all()));
    }

    public static Stream<NetworkInterface> networkInterfaces() throws SocketException {
        return Arrays.stream(all());
    }

    // asked by Inet6AddressImpl
    static boolean isBoundInetAddress(InetAddress addr) throws SocketException {
        return getByInetAddress(addr) != null;
    }

    // asked by DefaultInterface and NetMulticastSocket: null means "let the system choose"
    static NetworkInterface getDefault() {
        return null;
    }

    public boolean isUp() throws SocketException {
        return true;
    }

    public boolean isLoopback() throws SocketException {
        return index == LOOPBACK_INDEX;
    }

    public boolean isPointToPoint() throws SocketException {
        return false;
    }

    public boolean supportsMulticast() throws SocketException {
        return index != LOOPBACK_INDEX;
    }

    public byte[] getHardwareAddress() throws SocketException {
        String mac = System.getProperty("lab.net.mac", "");
        if (index != WIFI_INDEX || mac.isEmpty()) {
            return null;
        }
        String[] parts = mac.split("[:-]");
        byte[] result = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            result[i] = (byte) Integer.parseInt(parts[i], HEX);
        }
        return result;
    }

    public int getMTU() throws SocketException {
        return index == LOOPBACK_INDEX ? LOOPBACK_MTU : WIFI_MTU;
    }

    public boolean isVirtual() {
        return false;
    }

    @Override
    public boolean equals(Object obj) {
        return obj instanceof NetworkInterface && ((NetworkInterface) obj).name.equals(name)
            && Arrays.asList(((NetworkInterface) obj).addresses).equals(Arrays.asList(addresses));
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return "name:" + name + " (" + name + ")";
    }
}
