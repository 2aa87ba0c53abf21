#!/usr/bin/env python3
"""OctoPrint with its virtual printer, beside its own reference.

DOCS: `docs/api` of OctoPrint/OctoPrint at tag 1.11.8.
"""

from field import Server, main

# Nothing is asked of another machine.
CONFIGURATION = """\
accessControl:
  defaultReauthenticationTimeout: 0
server:
  firstRun: false
  onlineCheck:
    enabled: false
  pluginBlacklist:
    enabled: false
plugins:
  _disabled: [softwareupdate, announcements, tracking, errortracking, discovery, pluginmanager, backup, achievements]
  virtual_printer:
    enabled: true
    hasChamber: true
system:
  actions:
  - {name: Field, action: field, command: "true", confirm: Sure}
serial:
  port: VIRTUAL
  autoconnect: true
"""

# The printer has a heated chamber.
PRINTER = """\
id: _default
name: Field
model: Field
color: default
heatedBed: true
heatedChamber: true
extruder: {count: 1, nozzleDiameter: 0.4, offsets: [[0.0, 0.0]], sharedNozzle: false, defaultExtrusionLength: 5}
volume: {width: 200.0, depth: 200.0, height: 200.0, formFactor: rectangular, origin: lowerleft, custom_box: false}
axes: {x: {speed: 6000, inverted: false}, y: {speed: 6000, inverted: false}, z: {speed: 200, inverted: false}, e: {speed: 300, inverted: false}}
"""

# A slicer that keeps profiles, and makes of each model the same few lines.
SLICER = """\
import json
import octoprint.plugin
from octoprint.slicing import SlicingProfile

class Field(octoprint.plugin.SlicerPlugin):
    def is_slicer_configured(self):
        return True

    def get_slicer_properties(self):
        return {"type": "field", "name": "Field", "same_device": True, "progress_report": False, "source_file_types": ["model"], "destination_extensions": ["gco", "gcode", "g"]}

    def get_slicer_default_profile(self):
        return SlicingProfile("field", "default", {}, display_name="Default", description="Default")

    def get_slicer_profile(self, path):
        with open(path) as file:
            kept = json.load(file)
        return SlicingProfile("field", "kept", kept["data"], display_name=kept["name"], description=kept["text"])

    def save_slicer_profile(self, path, profile, allow_overwrite=True, overrides=None):
        # OctoPrint hands on whatever is sent.
        data = profile.data
        if isinstance(data, dict) and isinstance(overrides, dict):
            data = {**data, **overrides}
        with open(path, "w") as file:
            json.dump({"data": data, "name": profile.display_name, "text": profile.description}, file)

    def do_slice(self, model_path, printer_profile, machinecode_path=None, **more):
        with open(machinecode_path, "w") as file:
            file.write("G28\\nG1 X10 Y10 E5 F1200\\n")
        return True, {"analysis": {}}

__plugin_name__ = "Field"
__plugin_version__ = "1"
__plugin_pythoncompat__ = ">=3,<4"
__plugin_implementation__ = Field()
"""

KEPT = '{"data": {"layer_height": 0.2}, "name": "Field", "text": "Field"}'

USERS = """\
field:
  active: true
  apikey: 0123456789ABCDEF0123456789ABCDEF
  groups: [admins, users]
  password: none
  permissions: []
  roles: [admin, user]
  settings: {}
"""

SETTINGS = """\
[target.field]
endpoint = "http://127.0.0.1:{port}"
mode = "full"
resources = { "octoprint.location" = "local", "octoprint.printerprofile_identifier" = "_default", "octoprint.source" = "custom", "octoprint.action" = "field", "octoprint.slicer" = "field", "octoprint.filename" = "field.gcode", "octoprint.gcode" = "field.gcode", "octoprint.timelapse_name" = "field.mp4", "octoprint.unrendered_name" = "field" }
"""

# What one page calls in two ways, a file that commands are for, and what is made by a list's answer.
CASES = """\
operations.DeleteFile.bind = { "path.location" = "octoprint.location", "path.path" = "octoprint.filename" }
operations.IssueFileCommand.bind = { "path.location" = "octoprint.location", "path.path" = "octoprint.gcode" }
operations.RetrieveSpecificFileSOrFolderSInformation.bind = { "path.location" = "octoprint.location", "path.filename" = "octoprint.filename" }
operations.AddNewUser.example.request = { name = "docproof", password = "docproof", active = true, admin = false }
operations.AddNewGroup.example.request = { key = "docproof", name = "docproof", description = "docproof", permissions = [], subgroups = [], default = false }
fixtures = [{ key = "octoprint.group_key", create = "AddNewGroup", id = "request.key", show = "RetrieveGroup", replace = "UpdateGroup", delete = "DeleteGroup" }, { key = "octoprint.username", create = "AddNewUser", id = "request.name", show = "RetrieveUser", replace = "UpdateUser", delete = "DeleteUser" }, { key = "octoprint.profile", create = "AddNewPrinterProfile", id = "/profile/id", change = "UpdateExistingPrinterProfile", delete = "RemoveExistingPrinterProfile" }]
"""

main(
    Server(
        name="octoprint",
        title="OctoPrint 1.11.8",
        documentation="OctoPrint/OctoPrint, tag 1.11.8, docs/api",
        pip=["octoprint==1.11.8"],
        files={
            "base/config.yaml": CONFIGURATION,
            "base/users.yaml": USERS,
            "base/printerProfiles/_default.profile": PRINTER,
            "base/plugins/field_slicer.py": SLICER,
            "base/slicingProfiles/field/field.profile": KEPT,
            "base/uploads/field.gcode": "G28\nG1 X10 Y10 E5 F1200\nG1 X20 Y20 E9\n",
            # Whatever has such a name is a time-lapse, or a picture of one that is not rendered.
            **{f"base/timelapse/field{number}.mp4": "film" for number in ("", 1, 2)},
            **{f"base/timelapse/tmp/field{number}-0.jpg": "picture" for number in ("", 1, 2)},
        },
        command=["{bin}/octoprint", "--basedir", "{work}/base", "serve", "--iknowwhatimdoing"]
        + ["--host", "127.0.0.1", "--port", "{port}"],
        port=15_500,
        ready="/api/version",
        settings=SETTINGS,
        cases={"field.toml": CASES},
        options=[
            "--api-key X-Api-Key=0123456789ABCDEF0123456789ABCDEF",
            "--allow-changes octoprint",
            # They ask other machines, and end the connection that most others need.
            "--skip Util",
            "--skip IssueConnectionCommand",
        ],
    )
)
