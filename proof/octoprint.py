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
serial:
  port: VIRTUAL
  autoconnect: true
"""

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
resources = { "octoprint.location" = "local", "octoprint.printerprofile_identifier" = "_default", "octoprint.source" = "core", "octoprint.filename" = "field.gcode", "octoprint.gcode" = "field.gcode", "octoprint.timelapse_name" = "field.mp4", "octoprint.unrendered_name" = "field" }
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
