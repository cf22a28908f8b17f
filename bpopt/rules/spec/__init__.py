"""Rules of one family: App specs: app.json, app.yaml, project.toml, heroku.yml."""
