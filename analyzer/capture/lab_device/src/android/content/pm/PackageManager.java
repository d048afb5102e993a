package android.content.pm;

import android.content.Intent;
import java.util.List;

public abstract class PackageManager {
    public static final int PERMISSION_GRANTED = 0;
    public static final int PERMISSION_DENIED = -1;
    public static final int GET_META_DATA = 128;
    public static final int GET_PERMISSIONS = 4096;

    public PackageManager() {}

    public static class NameNotFoundException extends Exception {
        private static final long serialVersionUID = 1L;

        public NameNotFoundException() {}

        public NameNotFoundException(String name) {
            super(name);
        }
    }

    public abstract List<PackageInfo> getInstalledPackages(int flags);

    public abstract List<ApplicationInfo> getInstalledApplications(int flags);

    public abstract PackageInfo getPackageInfo(String packageName, int flags) throws NameNotFoundException;

    public abstract ApplicationInfo getApplicationInfo(String packageName, int flags) throws NameNotFoundException;

    public abstract CharSequence getApplicationLabel(ApplicationInfo info);

    public abstract List<ResolveInfo> queryIntentActivities(Intent intent, int flags);

    public abstract Intent getLaunchIntentForPackage(String packageName);

    public abstract int checkPermission(String permName, String packageName);

    public abstract boolean hasSystemFeature(String featureName);
}
