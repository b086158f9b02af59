@echo off
rem Digitscope: sets itself up on first use, then runs.
rem   run          opens the window
rem   run train    trains in the terminal (run train --help)
rem   run check    says what is wrong in a backward pass that you wrote (run check --help)
rem   run test     runs the tests; further arguments go to pytest
setlocal
set "home=%~dp0"
set "python=%home%.venv\Scripts\python.exe"
set "extras="
if "%~1"=="test" set "extras=[test]"
set "stamp=%home%.venv\installed%extras%"

"%python%" -c 0 >nul 2>nul || goto make_venv
fc /b "%home%pyproject.toml" "%stamp%" >nul 2>nul && goto start
"%python%" -m pip --version >nul 2>nul && goto install

:make_venv
set "base="
call :try py -3.13
call :try py -3.12
call :try py -3.11
call :try py -3
call :try python
if not defined base echo Digitscope needs Python 3.11 or later, and found none.
if not defined base goto failed
echo Making .venv ...
if exist "%home%.venv" rmdir /s /q "%home%.venv"
%base% -m venv "%home%.venv" || goto failed

:install
echo Installing what Digitscope needs. This takes a few minutes the first time ...
rem From a copy: pip leaves what it builds where it builds it.
if exist "%home%.venv\project" rmdir /s /q "%home%.venv\project"
mkdir "%home%.venv\project" || goto failed
copy /y "%home%pyproject.toml" "%home%.venv\project" >nul
copy /y "%home%README.md" "%home%.venv\project" >nul
pushd "%home%.venv\project"
"%python%" -m pip install --quiet --disable-pip-version-check ".%extras%" || goto failed
popd
copy /y "%home%pyproject.toml" "%home%.venv\installed" >nul
copy /y "%home%pyproject.toml" "%stamp%" >nul

:start
if "%~1"=="test" goto test
"%python%" "%home%main.py" %*
exit /b %errorlevel%

:test
cd /d "%home%"
"%python%" -m pytest -n 2 --dist worksteal %2 %3 %4 %5 %6 %7 %8 %9
exit /b %errorlevel%

:try
if defined base exit /b 0
%* -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "base=%*"
exit /b 0

:failed
echo %cmdcmdline% | find /i "/c" >nul && pause
exit /b 1
