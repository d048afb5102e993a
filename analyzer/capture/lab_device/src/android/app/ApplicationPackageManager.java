package android.app;

import android.content.ComponentName;
import android.content.Intent;
import android.content.pm.ActivityInfo;
import android.content.pm.ApplicationInfo;
import android.content.pm.PackageInfo;
import android.content.pm.PackageManager;
import android.content.pm.ResolveInfo;
import java.util.ArrayList;
import java.util.List;
import lab.runtime.App;
import lab.runtime.Permissions;
import lab.runtime.Persona;
import lab.runtime.Simulated;

/** The package manager that apps are given. */
public class ApplicationPackageManager extends PackageManager {
    ApplicationPackageManager() {}

    private static List<String> names() {
        List<String> names = new ArrayList<>(Persona.texts("dev.installed_apps"));
        if (!names.contains(App.packageName())) {
            names.add(App.packageName());
        }
        return names;
    }

    static ApplicationInfo application(String name) {
        ApplicationInfo info = new ApplicationInfo();
        info.packageName = name;
        info.processName = name;
        info.targetSdkVersion = name.equals(App.packageName()) ? App.targetSdk() : Persona.apiLevel();
        info.flags = name.startsWith("com.android.") ? ApplicationInfo.FLAG_SYSTEM : 0;
        info.dataDir = "/data/user/0/" + name;
        info.sourceDir = "/data/app/" + name + "-1/base.apk";
        info.uid = name.equals(App.packageName()) ? android.os.Process.myUid() : 10100;
        return info;
    }

    private static PackageInfo describe(String name) {
        boolean own = name.equals(App.packageName());
        PackageInfo info = new PackageInfo();
        info.packageName = name;
        info.versionName = own ? App.fact("versionName", "1.0") : "1.0";
        info.versionCode = Integer.parseInt(own ? App.fact("versionCode", "1") : "1");
        info.applicationInfo = application(name);
        info.requestedPermissions = own ? App.permissions().toArray(new String[0]) : null;
        return info;
    }

    @Override
    public List<PackageInfo> getInstalledPackages(int flags) {
        List<PackageInfo> result = new ArrayList<>();
        for (String name : names()) {
            result.add(describe(name));
        }
        return result;
    }

    @Override
    public List<ApplicationInfo> getInstalledApplications(int flags) {
        List<ApplicationInfo> result = new ArrayList<>();
        for (String name : names()) {
            result.add(application(name));
        }
        return result;
    }

    @Override
    public PackageInfo getPackageInfo(String packageName, int flags) throws NameNotFoundException {
        if (!names().contains(packageName)) {
            throw new NameNotFoundException(packageName);
        }
        return describe(packageName);
    }

    @Override
    public ApplicationInfo getApplicationInfo(String packageName, int flags) throws NameNotFoundException {
        if (!names().contains(packageName)) {
            throw new NameNotFoundException(packageName);
        }
        return application(packageName);
    }

    @Override
    public CharSequence getApplicationLabel(ApplicationInfo info) {
        return info.packageName.equals(App.packageName()) ? App.fact("label", info.packageName) : info.packageName;
    }

    @Override
    public List<ResolveInfo> queryIntentActivities(Intent intent, int flags) {
        List<ResolveInfo> result = new ArrayList<>();
        for (String name : names()) {
            ResolveInfo info = new ResolveInfo();
            info.activityInfo = new ActivityInfo();
            info.activityInfo.packageName = name;
            info.activityInfo.name = name + ".MainActivity";
            info.activityInfo.applicationInfo = application(name);
            result.add(info);
        }
        return result;
    }

    @Override
    public Intent getLaunchIntentForPackage(String packageName) {
        if (!names().contains(packageName)) {
            return null;
        }
        return new Intent(Intent.ACTION_MAIN).setComponent(new ComponentName(packageName, packageName + ".MainActivity"));
    }

    @Override
    public int checkPermission(String permName, String pkgName) {
        return pkgName.equals(App.packageName()) && Permissions.holds(permName) ? PERMISSION_GRANTED : PERMISSION_DENIED;
    }

    @Override
    public boolean hasSystemFeature(String featureName) {
        return true;
    }

    public List<?> getPackagesHoldingPermissions(String[] permissions, int flags) {
        return Simulated.texts("getPackagesHoldingPermissions", "dev.installed_apps", "android.permission.QUERY_ALL_PACKAGES");
    }
}
